/** `npm start`: the service on port 8787, until Ctrl-C. */
import { startStack } from './local/stack.mjs';

const PORT = Number(process.env.PORT ?? 8787);

const stack = await startStack({ port: PORT, shows: process.argv.includes('--verbose') });
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
