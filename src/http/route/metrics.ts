/** `GET /metrics`: sums since the start, for Prometheus. */
import { Hono } from 'hono';
import { version } from '../../../package.json';
import { EXPOSITION_MEDIA_TYPE, formatMetrics } from '../../core/metric/exposition.ts';
import { sumDeployment } from '../../operation/metrics.ts';
import type { AppEnv, AppOptions } from '../context.ts';
import { metricsOf } from '../metric.ts';
import { respond } from '../respond.ts';

export function metricsRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/', (c) =>
    respond(c, options, sumDeployment, {
      read: () => undefined,
      write: (sums) => {
        const metrics = metricsOf(sums, { version, environment: options.config.environment });
        return c.body(formatMetrics(metrics), 200, { 'content-type': EXPOSITION_MEDIA_TYPE });
      },
    }),
  );
}
