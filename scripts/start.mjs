/** `npm start [-- --verbose]`: the service on port 8787, or PORT, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { isFreePort, startStack } from './local/stack.mjs';

const USAGE = 'npm start [-- --verbose]: the service on port 8787 until Ctrl-C; PORT=8788 npm start on another.';
const PARENT_POLL_MS = 1_000;

const { verbose, help } = readArguments();
if (help) {
  console.log(USAGE);
  process.exit();
}
const port = Number(process.env.PORT ?? 8787);
if (!Number.isInteger(port) || port < 1 || port > 65_535) fail(`PORT is "${process.env.PORT}"; it must be a whole number from 1 to 65535.`);
if (!(await isFreePort(port))) fail(`Port ${port} is in use. End what listens there, or choose another: PORT=${port === 65_535 ? 8787 : port + 1} npm start`);

// A signal to npm ends npm, and not always what it has started.
const parent = process.ppid;
if (process.env.npm_lifecycle_event === 'start') setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), PARENT_POLL_MS).unref();

const stack = await startStack({ port, shows: verbose });
console.log(`
Vignette is running at ${stack.url}   (Ctrl-C ends it)
Claude: ${stack.isSimulated ? `simulated, at ${stack.simulatorUrl}; set ANTHROPIC_API_KEY in .dev.vars for real answers` : 'the real API'}
Key:    ${stack.key}

Try it:

  export VIGNETTE_KEY=${stack.key}

  curl -s ${stack.url}/v1/describe -H "x-api-key: $VIGNETTE_KEY" -F image=@public/samples/phone-photo.jpg

  curl -s '${stack.url}/v1/describe?fields=alt_text,caption' -H "x-api-key: $VIGNETTE_KEY" \\
    -H "content-type: image/jpeg" --data-binary @public/samples/receipt.jpg

  curl -s ${stack.url}/v1/estimate -H "x-api-key: $VIGNETTE_KEY" -F image=@public/samples/dashboard.png -F model='*'

  curl -s ${stack.url}/v1/models -H "x-api-key: $VIGNETTE_KEY"

Any program that uses a client of Anthropic's:

  export ANTHROPIC_BASE_URL=${stack.url}
  export ANTHROPIC_API_KEY=${stack.key}

API: ${stack.url}/openapi.json   Errors: ${stack.url}/docs/error
`);

function readArguments() {
  try {
    return parseArgs({ options: { verbose: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } }).values;
  } catch (error) {
    return fail(`${error.message}\n${USAGE}`);
  }
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
