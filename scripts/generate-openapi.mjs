/** `npm run generate`: writes public/openapi.json, the document of the API, from the rows and schemas of src/contract. */
import { writeFileSync } from 'node:fs';
import { openApiDocument } from '../src/contract/openapi/document.ts';

writeFileSync(new URL('../public/openapi.json', import.meta.url), `${JSON.stringify(openApiDocument(), null, 1)}\n`);
