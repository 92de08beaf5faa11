import type { FastifyInstance } from 'fastify';

/** Whether this process can answer requests. A rejection counts as no. */
export type HealthProbe = () => Promise<boolean>;

/** Injection token of the {@link HealthProbe}. */
export const HEALTH_PROBE = Symbol('HEALTH_PROBE');

/** How long a probe may take before it counts as no. */
const PROBE_MS = 3000;

/** `GET /health` for load balancers: 200 if requests can be answered here, else 503. */
export function addHealthRoute(server: FastifyInstance, probe: () => HealthProbe): void {
  server.get('/health', async (_request, reply) => {
    const healthy = await isHealthy(probe);
    return reply.code(healthy ? 200 : 503).send({ status: healthy ? 'ok' : 'unavailable' });
  });
}

async function isHealthy(probe: () => HealthProbe): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PROBE_MS, false);
  });
  try {
    return await Promise.race([probe()(), tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
