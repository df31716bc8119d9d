// What GNOME itself does at a key, as its settings call it.

import Gio from 'gi://Gio';

const SCHEMAS = [
    'org.gnome.desktop.wm.keybindings',
    'org.gnome.shell.keybindings',
    'org.gnome.mutter.keybindings',
    'org.gnome.mutter.wayland.keybindings',
    'org.gnome.settings-daemon.plugins.media-keys',
];
const MEDIA_KEYS = SCHEMAS.at(-1);
const CUSTOM = `${MEDIA_KEYS}.custom-keybinding`;
const MODIFIERS = {primary: 'control', ctrl: 'control', mod1: 'alt', mod4: 'super'};

// The name of what has an accelerator, null where none of GNOME's settings has it.
export function userOf(accelerator) {
    const wanted = normal(accelerator);
    const source = Gio.SettingsSchemaSource.get_default();
    for (const name of SCHEMAS) {
        const schema = source.lookup(name, true);
        const found = schema && search(schema, new Gio.Settings({settings_schema: schema}), wanted);
        if (found)
            return found;
    }
    return searchCustom(source, wanted);
}

function search(schema, settings, wanted) {
    for (const name of schema.list_keys()) {
        const key = schema.get_key(name);
        if (key.get_value_type().dup_string() !== 'as')
            continue;
        if (settings.get_strv(name).some(accelerator => normal(accelerator) === wanted))
            return key.get_summary() ?? name;
    }
    return null;
}

// The user's own, which start commands.
function searchCustom(source, wanted) {
    const schemas = [MEDIA_KEYS, CUSTOM].map(name => source.lookup(name, true));
    if (schemas.includes(null) || !schemas[0].has_key('custom-keybindings'))
        return null;
    const list = new Gio.Settings({settings_schema: schemas[0]});
    for (const path of list.get_strv('custom-keybindings')) {
        if (!/^\/(.+\/)?$/.test(path) || path.includes('//'))
            continue; // making settings of what is no path would end the shell
        const custom = new Gio.Settings({settings_schema: schemas[1], path});
        if (normal(custom.get_string('binding')) === wanted)
            return custom.get_string('name') || custom.get_string('command');
    }
    return null;
}

// An accelerator in one way of writing: modifiers have several names, and stand in any order.
function normal(accelerator) {
    const [, modifiers, key] = /^((?:<[^>]*>)*)(.*)$/.exec(accelerator.toLowerCase());
    const names = [...modifiers.matchAll(/<([^>]*)>/g)].map(([, name]) => MODIFIERS[name] ?? name);
    return key ? [...names.sort(), key].join('+') : '';
}
