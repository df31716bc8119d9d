// What GNOME Shell gives no ordinary program: keys without a dialog, Escape for as long as something is read, and the
// selection with its date and its window. Harken asks for them on the session's bus; nothing is told unasked.
//
// Only D-Bus names of processes and numbers of windows are kept. All of it goes in disable(), which is called whenever
// the screen is locked, too.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import {Extension} from 'resource:///org/gnome/shell/extensions/extension.js';

import {Keys} from './keys.js';
import {Selections} from './selections.js';

const NAME = 'example.harken.Shell';
const PATH = '/example/harken/Shell';
// Another number when Harken and this extension would not understand each other any more.
const PROTOCOL = 1;
// Programs that have asked for something and still run.
const MOST_CLIENTS = 16;
const MOST_BYTES = 40_000_000;
const BEGINNING_BYTES = 8_000;

const INTERFACE = `<node><interface name="${NAME}">
<method name="Hello">
  <arg type="u" direction="out" name="protocol"/>
  <arg type="s" direction="out" name="version"/>
</method>
<!-- Have exactly these keys: (id, accelerator, whether a held key is told again and again).
     Answers with those that can't be had: (id, "taken", "invalid" or "other", what GNOME does with it). -->
<method name="Bind">
  <arg type="a(ssb)" direction="in" name="keys"/>
  <arg type="a(sss)" direction="out" name="refused"/>
</method>
<!-- Have Escape as well, or leave it to the window in front. Answers whether it is had. -->
<method name="BindEscape">
  <arg type="b" direction="in" name="wanted"/>
  <arg type="b" direction="out" name="had"/>
</method>
<!-- Be told of each new selection, and when it counts no more, or of nothing. -->
<method name="Watch">
  <arg type="b" direction="in" name="wanted"/>
</method>
<!-- What is known of the selection: whether there is one, in which window it was made (0: not known), when
     (microseconds of CLOCK_MONOTONIC), whether the mouse button is down; and the windows that were in front, the one of
     now first (0: none): (window, process, application). -->
<method name="Look">
  <arg type="b" direction="out" name="there"/>
  <arg type="t" direction="out" name="window"/>
  <arg type="x" direction="out" name="made_us"/>
  <arg type="b" direction="out" name="held"/>
  <arg type="a(tus)" direction="out" name="fronts"/>
</method>
<!-- "selection" or "clipboard": how it went ("text", "nothing", "not-text", "secret", "hung"), the kind of text, whether
     it was cut short, and its bytes. -->
<method name="Read">
  <arg type="s" direction="in" name="which"/>
  <arg type="s" direction="out" name="how"/>
  <arg type="s" direction="out" name="kind"/>
  <arg type="b" direction="out" name="cut"/>
  <arg type="ay" direction="out" name="bytes"/>
</method>
<!-- As Read of "selection", but only the first few thousand bytes: for what Harken prepares. -->
<method name="ReadBeginning">
  <arg type="s" direction="out" name="how"/>
  <arg type="s" direction="out" name="kind"/>
  <arg type="b" direction="out" name="cut"/>
  <arg type="ay" direction="out" name="bytes"/>
</method>
<signal name="Pressed"><arg type="s" name="id"/></signal>
<signal name="Released"><arg type="s" name="id"/></signal>
<signal name="Escape"/>
<signal name="Selected"/>
<!-- Nothing is selected any more, or another window has come to the front. -->
<signal name="Left"/>
</interface></node>`;

class Service {
    constructor(version) {
        this._version = version;
        this._clients = new Map(); // unique name -> what watches whether it still is there
        this._watching = new Set(); // those that are told of each new selection
        this._keys = new Keys((client, signal, id) => this._tell(client, signal, id));
        this._selections = new Selections(signal => {
            for (const client of this._watching)
                this._tell(client, signal);
        });
        this._object = Gio.DBusExportedObject.wrapJSObject(INTERFACE, this);
        this._object.export(Gio.DBus.session, PATH);
        this._name = Gio.bus_own_name_on_connection(
            Gio.DBus.session, NAME, Gio.BusNameOwnerFlags.NONE, null, null);
    }

    destroy() {
        Gio.bus_unown_name(this._name);
        this._object.unexport();
        for (const watch of this._clients.values())
            Gio.bus_unwatch_name(watch);
        this._clients.clear();
        this._watching.clear();
        this._keys.destroy();
        this._selections.destroy();
    }

    // ---- methods ----

    Hello() {
        return [PROTOCOL, this._version];
    }

    BindAsync([keys], invocation) {
        this._answer(invocation, '(a(sss))', client => [this._keys.bind(client, keys)]);
    }

    BindEscapeAsync([isWanted], invocation) {
        this._answer(invocation, '(b)', client => [this._keys.bindEscape(client, isWanted)]);
    }

    WatchAsync([isWanted], invocation) {
        this._answer(invocation, '()', client => {
            if (isWanted)
                this._watching.add(client);
            else
                this._watching.delete(client);
            return [];
        });
    }

    Look() {
        return this._selections.look();
    }

    ReadAsync([which], invocation) {
        this._selections.read(which, MOST_BYTES, (...read) => this._handOver(invocation, ...read));
    }

    ReadBeginningAsync(_arguments, invocation) {
        this._selections.read('selection', BEGINNING_BYTES, (...read) => this._handOver(invocation, ...read));
    }

    _handOver(invocation, how, kind, isCut, bytes) {
        invocation.return_value(GLib.Variant.new_tuple([
            new GLib.Variant('s', how), new GLib.Variant('s', kind), new GLib.Variant('b', isCut),
            GLib.Variant.new_from_bytes(new GLib.VariantType('ay'), bytes, true),
        ]));
    }

    // Answer what leaves something behind here: it goes with the client.
    _answer(invocation, signature, work) {
        const client = invocation.get_sender();
        if (!this._clients.has(client)) {
            if (this._clients.size >= MOST_CLIENTS) {
                invocation.return_dbus_error(`${NAME}.Error.TooMany`, 'Too many programs ask for keys');
                return;
            }
            this._clients.set(client, Gio.bus_watch_name_on_connection(
                Gio.DBus.session, client, Gio.BusNameWatcherFlags.NONE, null, () => this._forget(client)));
        }
        invocation.return_value(new GLib.Variant(signature, work(client)));
    }

    _forget(client) {
        if (this._clients.has(client))
            Gio.bus_unwatch_name(this._clients.get(client));
        this._clients.delete(client);
        this._watching.delete(client);
        this._keys.release(client);
    }

    // A signal for one client alone.
    _tell(client, signal, id = null) {
        const body = id === null ? null : new GLib.Variant('(s)', [id]);
        Gio.DBus.session.emit_signal(client, PATH, NAME, signal, body);
    }
}

export default class HarkenExtension extends Extension {
    enable() {
        this._service = new Service(this.metadata['version-name']);
    }

    disable() {
        this._service.destroy();
        this._service = null;
    }
}
