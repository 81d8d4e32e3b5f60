/** Spans in Cloudflare's own traces (`[observability.traces]`), beside those that the platform makes of fetches and bindings. */
import type { Tracer } from '../port/trace.ts';

/** A stage begins before it is awaited, so its span stands beside the platform's spans of the same time, not around them. */
export function platformTracer(tracing: Tracing): Tracer {
  return {
    begin(attributes) {
      const request = tracing.getActiveSpan();
      // Most requests are not sampled, and spans that nobody keeps cost a hit a tenth of its time.
      if (request === undefined || !request.isTraced) return undefined;
      request.setAttributes(attributes);
      return (name) => {
        const span = tracing.startSpan(`vignette.${name}`);
        return () => span.end();
      };
    },
  };
}
