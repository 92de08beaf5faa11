import { Injectable, Logger } from '@nestjs/common';

import { Clock } from '../../platform/clock.ts';
import { Capacity } from '../capacity/index.ts';
import { TimeZoneData } from './time-zone-data.ts';

/** The state of this process. */
export interface HealthData {
  readonly status: 'OK' | 'DEGRADED' | 'DOWN';
  readonly networkVersion: number | null;
  readonly timeZoneData: {
    readonly process: string;
    /** The server does not tell its release; whether the rules agree is looked at instead. */
    readonly database: string | null;
    readonly agree: boolean | null;
  };
}

/** Whether the service can do its work. */
@Injectable()
export class HealthService {
  private readonly log = new Logger('health');

  constructor(
    private readonly capacity: Capacity,
    private readonly zones: TimeZoneData,
    private readonly clock: Clock,
  ) {}

  /** Never rejects: a database that cannot be reached is an answer. */
  async look(): Promise<HealthData> {
    const process = this.zones.ofProcess;
    try {
      const { network } = await this.capacity.world();
      const agree = (await this.zones.differences(network, this.clock.now())).length === 0;
      return {
        status: agree ? 'OK' : 'DEGRADED',
        networkVersion: network.version === 0 ? null : network.version,
        timeZoneData: { process, database: null, agree },
      };
    } catch (fault) {
      this.log.error(fault);
      const timeZoneData = { process, database: null, agree: null };
      return { status: 'DOWN', networkVersion: null, timeZoneData };
    }
  }

  async canAnswer(): Promise<boolean> {
    await this.capacity.world();
    return true;
  }
}
