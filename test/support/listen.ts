import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The system's own choice of ports overlaps with outgoing connections, so take one below them. */
export async function listenBelowEphemeral(app: NestFastifyApplication): Promise<void> {
  for (let tries = 0; ; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    try {
      await app.listen(port, '127.0.0.1');
      return;
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}
