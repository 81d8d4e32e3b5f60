/** Where `url` sources of the tests point. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const MEDIA_TYPES = { jpg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp' } as const;

/** The type that a file name stands for. */
export function mediaTypeOf(name: string): (typeof MEDIA_TYPES)[keyof typeof MEDIA_TYPES] {
  const extension = name.split('.').at(-1) ?? '';
  return extension in MEDIA_TYPES ? MEDIA_TYPES[extension as keyof typeof MEDIA_TYPES] : 'image/jpeg';
}

/** A sample picture's bytes. */
export function sample(name: string): Buffer {
  return readFileSync(new URL(`../../../public/samples/${name}`, import.meta.url));
}

/** Serves the samples on a free port of the loopback; Claude is kept from those below `/private/`. */
export function startOrigin(): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/robots.txt') return response.writeHead(200, { 'content-type': 'text/plain' }).end('User-agent: *\nDisallow: /private/\n');
    const name = /^\/(?:private\/)?([a-z-]+\.[a-z]+)$/.exec(request.url ?? '')?.[1];
    if (name === undefined) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': mediaTypeOf(name) }).end(sample(name));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** The address of a server on the loopback. */
export function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
