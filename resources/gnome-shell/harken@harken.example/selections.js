// The primary selection and the clipboard, the window in which each selection was made, and the windows in front.

import Clutter from 'gi://Clutter';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Meta from 'gi://Meta';

const TYPES = {
    selection: Meta.SelectionType.SELECTION_PRIMARY,
    clipboard: Meta.SelectionType.SELECTION_CLIPBOARD,
};
// Kinds of text in the order in which they are asked for.
const TEXTS = ['text/plain;charset=utf-8', 'UTF8_STRING', 'text/plain', 'STRING', 'TEXT'];
// What password managers add to a secret they copy.
const SECRET = 'x-kde-passwordManagerHint';
// A program from which nothing has come for this long is taken for hung; the whole has to be here by four seconds.
const STALLED_MS = 700;
const MOST_STALLS = 6;
// Transfers at once. Each may have all that is read of a text in the shell's memory.
const MOST_TRANSFERS = 4;
const MOST_FRONTS = 16;

export class Selections {
    // `tell` gets "Selected" and "Left": see extension.js.
    constructor(tell) {
        this._made = {window: 0, atUs: 0}; // nothing is known of what was selected before
        this._fronts = []; // (window, process, application), the newest first
        this._transfers = new Set();
        this._selection = global.display.get_selection();
        this._ownerSignal = this._selection.connect('owner-changed', (_selection, type, source) => {
            if (type !== TYPES.selection)
                return;
            this._made = {window: describe(global.display.focus_window)[0], atUs: GLib.get_monotonic_time()};
            tell(source ? 'Selected' : 'Left');
        });
        this._focusSignal = global.display.connect('notify::focus-window', () => {
            if (this._noteFront())
                tell('Left');
        });
        this._noteFront();
    }

    destroy() {
        global.display.disconnect(this._focusSignal);
        this._selection.disconnect(this._ownerSignal);
        for (const transfer of [...this._transfers])
            transfer.cancel();
        this._selection = null;
        this._fronts = [];
    }

    // See Look in extension.js.
    look() {
        const isThere = this._selection.get_mimetypes(TYPES.selection).length > 0;
        const isHeld = (global.get_pointer()[2] & Clutter.ModifierType.BUTTON1_MASK) !== 0;
        const now = describe(global.display.focus_window);
        const there = new Set(global.get_window_actors().map(actor => describe(actor.meta_window)[0]));
        const before = this._fronts.filter(([window]) => window !== now[0] && there.has(window));
        return [isThere, this._made.window, this._made.atUs, isHeld, [now, ...before]];
    }

    // `done(how, kind, isCut, bytes)`: see Read in extension.js.
    read(which, mostBytes, done) {
        const type = TYPES[which];
        const kinds = type === undefined ? [] : this._selection.get_mimetypes(type);
        const kind = TEXTS.find(name => kinds.includes(name));
        const nothing = new GLib.Bytes(new Uint8Array());
        if (kinds.length === 0) {
            done('nothing', '', false, nothing);
        } else if (kinds.includes(SECRET)) {
            done('secret', '', false, nothing);
        } else if (!kind) {
            done('not-text', '', false, nothing);
        } else if (this._transfers.size >= MOST_TRANSFERS) {
            done('hung', '', false, nothing);
        } else {
            const transfer = new Transfer(this._selection, type, kind, mostBytes, (how, isCut, bytes) => {
                this._transfers.delete(transfer);
                done(how, kind, isCut, bytes);
            });
            this._transfers.add(transfer);
        }
    }

    // Whether it is another one than before. While there is none, the last one counts.
    _noteFront() {
        const front = describe(global.display.focus_window);
        const isAnother = front[0] !== 0 && front[0] !== this._fronts[0]?.[0];
        if (isAnother)
            this._fronts = [front, ...this._fronts.filter(([window]) => window !== front[0])].slice(0, MOST_FRONTS);
        return isAnother;
    }
}

// A window as its number, its process and its application. A dialog counts as the window it belongs to.
function describe(window) {
    const main = window?.find_root_ancestor() ?? window;
    return main ? [main.get_id(), Math.max(main.get_pid(), 0), main.get_wm_class() ?? ''] : [0, 0, ''];
}

// One text on its way from the program that has it.
class Transfer {
    constructor(selection, type, kind, mostBytes, done) {
        this._done = done;
        this._mostBytes = mostBytes;
        this._size = 0;
        this._stalls = 0;
        this._stream = Gio.MemoryOutputStream.new_resizable();
        this._cancellable = new Gio.Cancellable();
        this._timer = GLib.timeout_add(GLib.PRIORITY_DEFAULT, STALLED_MS, () => this._look());
        selection.transfer_async(type, kind, mostBytes, this._stream, this._cancellable,
            (_selection, result) => this._end(selection, result));
    }

    cancel() {
        this._stopTimer();
        this._cancellable.cancel();
    }

    _look() {
        const size = this._stream.get_data_size();
        const hasStalled = size === this._size;
        this._size = size;
        this._stalls += 1;
        if (!hasStalled && this._stalls < MOST_STALLS)
            return GLib.SOURCE_CONTINUE;
        this._timer = 0;
        this._cancellable.cancel();
        return GLib.SOURCE_REMOVE;
    }

    _stopTimer() {
        if (this._timer)
            GLib.source_remove(this._timer);
        this._timer = 0;
    }

    _end(selection, result) {
        this._stopTimer();
        let isWhole = true;
        try {
            selection.transfer_finish(result);
        } catch {
            isWhole = false; // what came until then is used
        }
        this._stream.close(null);
        const bytes = this._stream.steal_as_bytes();
        const size = bytes.get_size();
        this._done(isWhole || size > 0 ? 'text' : 'hung', !isWhole || size >= this._mostBytes, bytes);
    }
}
