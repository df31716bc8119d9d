// Keys that mutter keeps from the window in front, for each program that asks for them.

import Meta from 'gi://Meta';
import Shell from 'gi://Shell';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';

import {userOf} from './bindings.js';

const MOST_KEYS = 64;
const ESCAPE = 'Escape';
// Only keys that nobody types: with Ctrl, Alt or Super, or of those that stand for no letter.
const MODIFIED = /^(<(Control|Alt|Super|Shift)>)*<(Control|Alt|Super)>(<(Control|Alt|Super|Shift)>)*[A-Za-z0-9_]{1,30}$/;
const ALONE = /^(<Shift>)?(F([1-9]|1[0-9]|2[0-4])|Pause|Print|Menu)$/;

export class Keys {
    // `tell(client, signal, id)` is called with "Pressed" and "Released", and with "Escape" without an id.
    constructor(tell) {
        this._tell = tell;
        this._grabs = new Map(); // what mutter calls a grab -> {client, id, accelerator, repeats}
        this._signals = [
            global.display.connect('accelerator-activated', (_display, action) => this._onPressed(action)),
        ];
        // GNOME 45 and 46 do not tell of a release. Without it a held key can't be told from one pressed again, so it
        // is told once there.
        this._tellsRelease = Meta.KeyBindingFlags.TRIGGER_RELEASE !== undefined;
        if (this._tellsRelease) {
            this._signals.push(global.display.connect('accelerator-deactivated',
                (_display, action) => this._onReleased(action)));
        }
    }

    destroy() {
        for (const action of [...this._grabs.keys()])
            this._ungrab(action);
        for (const signal of this._signals)
            global.display.disconnect(signal);
        this._signals = [];
    }

    // Have exactly these, and Escape as it was. Returns those that can't be had, see Bind in extension.js.
    bind(client, keys) {
        const wanted = new Map(keys.slice(0, MOST_KEYS).map(key => [JSON.stringify(key), key]));
        for (const [action, grab] of [...this._grabs]) {
            const key = JSON.stringify([grab.id, grab.accelerator, grab.repeats]);
            if (grab.client !== client || grab.id === null || wanted.delete(key))
                continue;
            this._ungrab(action);
        }
        const refused = keys.slice(MOST_KEYS).map(([id]) => [id, 'other', '']);
        for (const [id, accelerator, repeats] of wanted.values()) {
            if (!MODIFIED.test(accelerator) && !ALONE.test(accelerator))
                refused.push([id, 'invalid', '']);
            else if (!this._grab({client, id, accelerator, repeats}, Shell.ActionMode.ALL))
                refused.push(this._refusal(id, accelerator));
        }
        return refused;
    }

    // In GNOME's own menus and dialogs Escape stays theirs.
    bindEscape(client, isWanted) {
        const found = [...this._grabs].find(([, grab]) => grab.client === client && grab.id === null);
        if (found && !isWanted)
            this._ungrab(found[0]);
        if (found || !isWanted)
            return isWanted;
        return this._grab({client, id: null, accelerator: ESCAPE, repeats: false}, Shell.ActionMode.NORMAL);
    }

    // The client has gone.
    release(client) {
        for (const [action, grab] of [...this._grabs]) {
            if (grab.client === client)
                this._ungrab(action);
        }
    }

    _refusal(id, accelerator) {
        const user = userOf(accelerator);
        return user === null ? [id, 'other', ''] : [id, 'taken', user];
    }

    _grab(grab, modes) {
        const {NONE, IGNORE_AUTOREPEAT, TRIGGER_RELEASE} = Meta.KeyBindingFlags;
        let flags = this._tellsRelease && grab.id !== null ? TRIGGER_RELEASE : NONE;
        if (!grab.repeats || !this._tellsRelease)
            flags |= IGNORE_AUTOREPEAT;
        const action = global.display.grab_accelerator(grab.accelerator, flags);
        if (action === Meta.KeyBindingAction.NONE)
            return false;
        Main.wm.allowKeybinding(Meta.external_binding_name_for_action(action), modes);
        this._grabs.set(action, grab);
        return true;
    }

    _ungrab(action) {
        this._grabs.delete(action);
        global.display.ungrab_accelerator(action);
        Main.wm.allowKeybinding(Meta.external_binding_name_for_action(action), Shell.ActionMode.NONE);
    }

    _onPressed(action) {
        const grab = this._grabs.get(action);
        if (!grab)
            return;
        if (grab.id === null) {
            this._tell(grab.client, 'Escape');
            return;
        }
        this._tell(grab.client, 'Pressed', grab.id);
        if (!this._tellsRelease)
            this._tell(grab.client, 'Released', grab.id);
    }

    _onReleased(action) {
        const grab = this._grabs.get(action);
        if (grab && grab.id !== null)
            this._tell(grab.client, 'Released', grab.id);
    }
}
