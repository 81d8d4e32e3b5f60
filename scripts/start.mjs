/** `npm start [-- --real] [--simulated] [--verbose]`: the service on port 8787, or PORT, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { requestLine } from './local/request-line.mjs';
import { checkKey, chooseClaude, describeClaude, UsageError } from './local/setting.mjs';
import { startStack } from './local/stack.mjs';
import { isFreePort } from './local/wrangler.mjs';

const USAGE = `npm start [-- options]: the service on port 8787 until Ctrl-C; PORT=8788 npm start on another.

  --real        ask the real API with ANTHROPIC_API_KEY of your shell or of .dev.vars; each call is billed
  --simulated   never, even with a key in .dev.vars
  --temporary   nothing stored before, nothing left afterwards
  --verbose     everything that the Worker and wrangler print, not one line a request
`;
const PARENT_POLL_MS = 1_000;

try {
  await start();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(1);
}

async function start() {
  const { verbose, help, real, simulated, temporary } = readArguments();
  if (help) return void process.stdout.write(USAGE);
  const port = await readPort(process.env.PORT ?? '8787');
  const claude = chooseClaude({ wantsReal: real, wantsSimulated: simulated });
  if (claude.apiKey !== undefined) {
    console.log(`Asking ${new URL(claude.baseUrl).host} whether it takes the key …`);
    await checkKey(claude);
  }

  // A signal to npm ends npm, and not always what it has started.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === 'start') setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), PARENT_POLL_MS).unref();

  const show = (line) => {
    const shown = verbose ? line : requestLine(line);
    if (shown !== undefined) console.log(shown);
  };
  const stack = await startStack({ port, isTemporary: temporary, claude, onStep: (step) => console.log(step), onLine: show });
  console.log(greeting(stack, claude));
  const reason = await stack.death;
  await stack.stop();
  throw new UsageError(`${reason}. Everything is ended; npm start begins again, and npm start -- --verbose shows what led to it.`);
}

function greeting({ url, key, model }, claude) {
  return `
Vignette is running at ${url}   (Ctrl-C ends it)

Claude:      ${describeClaude(claude, model)}
Key:         ${key}
Playground:  ${url}/#key=${key}
Reference:   ${url}/docs

Try it in another terminal, in this folder:

  export VIGNETTE_KEY=${key}
  curl -s ${url}/v1/describe -H "x-api-key: $VIGNETTE_KEY" -F image=@public/samples/phone-photo.jpg
  curl -s ${url}/v1/describe -H "x-api-key: $VIGNETTE_KEY" -H "content-type: application/json" \\
    -d '{"image": {"url": "${url}/samples/receipt.jpg"}, "fields": ["alt_text", "caption"]}'
  curl -s ${url}/v1/estimate -H "x-api-key: $VIGNETTE_KEY" -F image=@public/samples/dashboard.png -F model='*'

Programs that use a client of Anthropic's:

  export ANTHROPIC_BASE_URL=${url} ANTHROPIC_API_KEY=${key}

Requests:
`;
}

async function readPort(text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError(`PORT is "${text}"; it must be a whole number from 1 to 65535.`);
  if (await isFreePort(port)) return port;
  throw new UsageError(`Port ${port} is in use. End what listens there, or choose another: PORT=${port === 65_535 ? 8787 : port + 1} npm start`);
}

function readArguments() {
  const boolean = { type: 'boolean', default: false };
  try {
    return parseArgs({ options: { real: boolean, simulated: boolean, verbose: boolean, temporary: boolean, help: { ...boolean, short: 'h' } } }).values;
  } catch (error) {
    throw new UsageError(`${error.message}\n${USAGE}`, { cause: error });
  }
}
