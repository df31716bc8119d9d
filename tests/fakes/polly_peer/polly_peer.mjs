// The official AWS SDK as a client of Amazon Polly, for whoever writes commands to its standard input.
//
// A command is a JSON line and has an `id`; what happens is told in JSON lines with the same one, one command after the
// other. It ends with its input. Keys, region, endpoint and certificates come from the environment, as for every program with this SDK.
//
//   {"id": 1, "do": "stream", "pieces": [{"text": "Hello."}, …], "every_ms": 30, "connection": "new"}
//       StartSpeechSynthesisStream. A piece may be `ssml` or `force`d, and `"hold": true` waits for sound before it is
//       handed over. `connection` "warm" keeps one for the next stream, which the SDK by itself does not.
//   {"id": 2, "do": "interrupt", "pieces": [{"text": "Old."}, {"text": "New."}]}
//       The first piece is broken off at its first sound, and times count from there for the second.
//   {"id": 2, "do": "speech", "text": "Hello."}    SynthesizeSpeech
//   {"id": 3, "do": "voices", "engine": "generative"}    DescribeVoices, all pages
//
// All take `voice`, `engine`, `format`, `rate`; with `"audio": true` the answer has the sound, else its length only.
// Times are milliseconds since the command was read: `first_text` when the first piece was handed to the SDK,
// `last_text` when the close was, `answer` when the response began, `first_audio`, and `ms` at the end. `cpu_ms` is what
// this process computed meanwhile.

import {createInterface} from "node:readline";
import {
    DescribeVoicesCommand,
    PollyClient,
    StartSpeechSynthesisStreamCommand,
    SynthesizeSpeechCommand,
} from "@aws-sdk/client-polly";
import {NodeHttp2Handler} from "@smithy/node-http-handler";

// By itself the SDK makes a connection for every stream of events and closes it behind that.
class SharingHandler extends NodeHttp2Handler {
    handle(request, options) {
        return super.handle(request, {...options, isEventStream: false});
    }
}

// An attempt is an attempt: what is retried would be measured as something slow.
const client = new PollyClient({maxAttempts: 1});
const sharing = new PollyClient({maxAttempts: 1, requestHandler: new SharingHandler({maxConcurrentStreams: 1})});

const say = (id, what) => process.stdout.write(JSON.stringify({id, ...what}) + "\n");
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// What all commands measure: time, computing, memory, and the sound that came.
class Course {
    constructor(command) {
        this.id = command.id;
        this.keepsAudio = Boolean(command.audio);
        this.start = performance.now();
        this.cpu = process.cpuUsage();
        this.bytes = 0;
        this.parts = [];
        this.times = {};
        this.heard = new Promise((resolve) => (this.onHeard = resolve));
    }

    ms() {
        return performance.now() - this.start;
    }

    // The first of each name counts.
    note(name) {
        if (!(name in this.times)) {
            this.times[name] = this.ms();
            say(this.id, {event: name, ms: this.times[name]});
        }
    }

    take(audio) {
        this.note("first_audio");
        this.onHeard();
        this.bytes += audio.length;
        if (this.keepsAudio) {
            this.parts.push(audio);
        }
    }

    end(more) {
        const {user, system} = process.cpuUsage(this.cpu);
        say(this.id, {
            event: "done",
            ms: this.ms(),
            ...this.times,
            bytes: this.bytes,
            cpu_ms: (user + system) / 1000,
            rss_bytes: process.memoryUsage.rss(),
            max_rss_bytes: process.resourceUsage().maxRSS * 1024,
            ...(this.keepsAudio && {audio: Buffer.concat(this.parts).toString("base64")}),
            ...more,
        });
    }
}

async function* events(command, course) {
    const begun = course.ms();
    for (const [index, piece] of command.pieces.entries()) {
        // Counted from the first, as a timer is always a little late.
        const early = begun + index * (command.every_ms ?? 0) - course.ms();
        if (early > 0) {
            await sleep(early);
        }
        if (piece.hold) {
            await course.heard;
        }
        course.note("first_text");
        yield {
            TextEvent: {
                Text: piece.text,
                ...(piece.ssml && {TextType: "ssml"}),
                ...(piece.force && {FlushStreamConfiguration: {Force: true}}),
            },
        };
    }
    course.note("last_text");
    yield {CloseStreamEvent: {}};
}

const parameters = (command) => ({
    Engine: command.engine ?? "generative",
    VoiceId: command.voice ?? "Matthew",
    OutputFormat: command.format ?? "pcm",
    SampleRate: String(command.rate ?? 16000),
    ...(command.language && {LanguageCode: command.language}),
});

async function stream(command, course) {
    const used = command.connection === "warm" ? sharing : client;
    const input = {...parameters(command), ActionStream: events(command, course)};
    const output = await used.send(new StartSpeechSynthesisStreamCommand(input));
    course.note("answer");
    let closed = null;
    for await (const event of output.EventStream) {
        if (event.AudioEvent) {
            course.take(event.AudioEvent.AudioChunk);
        } else if (event.StreamClosedEvent) {
            closed = event.StreamClosedEvent;
        }
    }
    course.end({closed: closed !== null, request_chars: closed?.RequestCharacters ?? null});
}

async function interrupt(command, course) {
    const [old, fresh] = command.pieces;
    const used = command.connection === "warm" ? sharing : client;
    const abort = new AbortController();
    const open = async function* () {
        yield {TextEvent: {Text: old.text, FlushStreamConfiguration: {Force: true}}};
        await new Promise((resolve) => abort.signal.addEventListener("abort", resolve));
    };
    const input = {...parameters(command), ActionStream: open()};
    const output = await used.send(new StartSpeechSynthesisStreamCommand(input), {abortSignal: abort.signal});
    for await (const event of output.EventStream) {
        if (event.AudioEvent) {
            break;
        }
    }
    course.start = performance.now();
    abort.abort();
    await stream({...command, pieces: [fresh]}, course);
}

async function speech(command, course) {
    const output = await client.send(new SynthesizeSpeechCommand({...parameters(command), Text: command.text}));
    for await (const part of output.AudioStream) {
        course.take(part);
    }
    course.end({request_chars: output.RequestCharacters, content_type: output.ContentType});
}

async function voices(command, course) {
    const found = [];
    let NextToken;
    do {
        const page = await client.send(new DescribeVoicesCommand({Engine: command.engine, NextToken}));
        found.push(...page.Voices.map((voice) => voice.Id));
        NextToken = page.NextToken;
    } while (NextToken);
    course.end({voices: found});
}

const doers = {stream, interrupt, speech, voices};

say(null, {event: "ready", node: process.version, rss_bytes: process.memoryUsage.rss()});
for await (const line of createInterface({input: process.stdin})) {
    const command = JSON.parse(line);
    const course = new Course(command);
    try {
        await doers[command.do](command, course);
    } catch (error) {
        course.end({error: error.name, message: error.message, status: error.$metadata?.httpStatusCode ?? null});
    }
}
client.destroy();
sharing.destroy();
