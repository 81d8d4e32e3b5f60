/** Spans in Cloudflare's own traces (`[observability.traces]`), beside those that the platform makes of fetches and bindings. */
import type { Tracer } from '../port.ts';

/** A stage begins before it is awaited, so its span stands beside the platform's spans of the same time, not around them. */
export function platformTracer(tracing: Tracing): Tracer {
  return {
    startSpan(name) {
      const span = tracing.startSpan(`vignette.${name}`);
      return () => span.end();
    },
    annotate(attributes) {
      tracing.getActiveSpan()?.setAttributes(attributes);
    },
  };
}
