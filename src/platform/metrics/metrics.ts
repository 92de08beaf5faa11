import { Injectable, Logger } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a metric is called and what it tells; by the naming rules of Prometheus. */
export interface MetricName {
  readonly name: string;
  readonly help: string;
}

/** Takes the time that one more of something took. */
export type Observe<Label extends string> = (
  labels: Readonly<Record<Label, string>>,
  seconds: number,
) => void;

/** From what a memory answers to what nobody waits for any more. */
const BUCKETS_SEC = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What this application tells of itself in numbers. Features register their own. */
@Injectable()
export class Metrics {
  private readonly log = new Logger('metrics');
  private readonly registry = new Registry();

  /** Of {@link Metrics.text}. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** All metrics as they are now, in the text format of Prometheus. Never rejects for one that fails. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** @param total since the process started; asked whenever somebody reads */
  counter({ name, help }: MetricName, total: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(total());
      },
    });
  }

  /** @param value as of now; asked whenever somebody reads. If it fails or is not known, this one is left out */
  gauge(
    { name, help }: MetricName,
    value: () => number | Promise<number> | Promise<number | undefined>,
  ): void {
    const { log } = this;
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.remove();
        try {
          const now = await value();
          if (now !== undefined) this.set(now);
        } catch (fault) {
          log.error(fault, name);
        }
      },
    });
  }

  /** How long something takes, counted apart for each of few known values of the labels. */
  duration<const Label extends string>(
    { name, help }: MetricName,
    labels: readonly Label[],
  ): Observe<Label> {
    const histogram = new Histogram({
      name,
      help,
      labelNames: labels,
      buckets: BUCKETS_SEC,
      registers: [this.registry],
    });
    return (values, seconds) => {
      histogram.observe(values, seconds);
    };
  }

  /** Adds what the process tells: memory, processor, event loop, garbage. Once in a process, for ever. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }
}
