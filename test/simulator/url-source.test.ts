import { describe, expect, it } from 'vitest';
import { robotsAllow } from '../../simulator/url/robots.ts';
import { Client, errorOf, textOf } from './client.ts';
import { BLUE, draw, encodePng } from './picture.ts';

const UNREACHABLE = 'Unable to download the file. Please verify the URL and try again.';

/** A web of these pages; everything else is 404. */
async function clientOn(pages: Record<string, () => Response | Promise<Response>>): Promise<Client> {
  return new Client({
    fetch: async (request) => (await pages[request.url]?.()) ?? new Response('none', { status: 404 }),
  });
}

function ask(client: Client, url: string): Promise<Response> {
  return client.ask([{ type: 'image', source: { type: 'url', url } }]);
}

async function picture(): Promise<Response> {
  return new Response(await encodePng(draw(40, 30, () => BLUE)));
}

describe('url sources', () => {
  it('are fetched and described', async () => {
    const client = await clientOn({ 'https://a.test/blue.png': picture });
    expect(await textOf(await ask(client, 'https://a.test/blue.png'))).toContain('mostly blue');
  });

  it('are refused where robots.txt forbids them, and after a redirect into such a place', async () => {
    const client = await clientOn({
      'https://a.test/robots.txt': () => new Response('User-agent: *\nDisallow: /private/'),
      'https://a.test/private/blue.png': picture,
      'https://b.test/blue.png': () => Response.redirect('https://a.test/private/blue.png', 302),
    });
    for (const url of ['https://a.test/private/blue.png', 'https://b.test/blue.png']) {
      expect(await errorOf(await ask(client, url))).toMatchObject({
        status: 400,
        message: "This URL is disallowed by the website's robots.txt file.",
      });
    }
  });

  it('follow three redirects and no fourth', async () => {
    const hop = (to: string) => () => new Response(null, { status: 302, headers: { location: to } });
    const client = await clientOn({
      'https://a.test/4': hop('/3'),
      'https://a.test/3': hop('/2'),
      'https://a.test/2': hop('/1'),
      'https://a.test/1': hop('/0'),
      'https://a.test/0': picture,
    });
    expect((await ask(client, 'https://a.test/3')).status).toBe(200);
    expect((await errorOf(await ask(client, 'https://a.test/4'))).message).toBe(UNREACHABLE);
  });

  it.each(['https://a.test/none', 'ftp://a.test/a.png', 'not a url', 'https://down.test/'])('%s cannot be downloaded', async (url) => {
    const client = await clientOn({
      'https://down.test/': () => Promise.reject(new Error('connection refused')),
    });
    expect((await errorOf(await ask(client, url))).message).toBe(UNREACHABLE);
  });

  it('a page is no image', async () => {
    const client = await clientOn({ 'https://a.test/': () => new Response('<html>') });
    expect((await errorOf(await ask(client, 'https://a.test/'))).message).toBe('Could not process image');
  });
});

describe('robots.txt', () => {
  const ROBOTS = [
    'User-agent: Claude-User # ours',
    'User-agent: other',
    'Disallow: /a',
    'Allow: /a/b',
    'Disallow: /*.png$',
    'Disallow:',
    '',
    'User-agent: *',
    'Disallow: /',
  ].join('\n');

  // RFC 9309 §2.2.2 and §2.2.3.
  it.each([
    ['/', true],
    ['/a', false],
    ['/a/c', false],
    ['/a/b/c', true],
    ['/x.png', false],
    ['/x.png?size=1', true],
  ])('%s is allowed: %s', (path, isAllowed) => {
    expect(robotsAllow(ROBOTS, 'Claude-User', path)).toBe(isAllowed);
  });

  it('another agent gets the group of everyone', () => {
    expect(robotsAllow(ROBOTS, 'somebody', '/x')).toBe(false);
    expect(robotsAllow('', 'somebody', '/x')).toBe(true);
  });
});
