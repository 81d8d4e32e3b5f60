import { Hono } from 'hono';
import { readJsonBody } from '../body.ts';
import { invalidRequest } from '../error.ts';
import { parseFault } from '../fault.ts';
import { fileMetadata, type StoredFile } from '../file.ts';
import { readImageHeader } from '../image/header.ts';
import { requireArray } from '../json.ts';
import { FAULTS_MAX } from '../limit.ts';
import { resetState, type Simulation } from '../state.ts';

const CONTROL_BODY_BYTES_MAX = 1_048_576;

/** `/simulator/…`: what tests steer and read. No key, no record of its own. */
export function controlRoute(simulation: Simulation) {
  const { state } = simulation;
  const route = new Hono();
  route.post('/faults', async (context) => {
    const body = await readJsonBody(context.req.raw, CONTROL_BODY_BYTES_MAX);
    const faults = requireArray(body['faults'], 'faults').map((item, index) => parseFault(item, `faults.${index}`));
    if (state.faults.length + faults.length > FAULTS_MAX) {
      throw invalidRequest(`faults: at most ${FAULTS_MAX} may wait`);
    }
    state.faults.push(...faults);
    return context.json({ waiting: state.faults.length });
  });
  route.get('/faults', (context) => context.json({ faults: state.faults }));
  route.delete('/faults', (context) => {
    state.faults.length = 0;
    return context.json({ waiting: 0 });
  });
  route.get('/requests', (context) => context.json({ requests: state.records }));
  route.get('/files', (context) => context.json({ files: [...state.files.values()].map(insideOf) }));
  route.get('/bill', (context) => context.json(state.bill));
  route.post('/reset', (context) => {
    resetState(state);
    return context.json({ reset: true });
  });
  return route;
}

/** A file with the size in its header, as it is stored; the Files API itself tells neither. */
function insideOf(file: StoredFile): Record<string, unknown> {
  const { width, height, orientation } = readImageHeader(file.bytes) ?? {};
  return { ...fileMetadata(file), width: width ?? null, height: height ?? null, orientation: orientation ?? null };
}
