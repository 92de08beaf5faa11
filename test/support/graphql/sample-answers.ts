/** Fixed answers for tests of the plumbing: no rule of the business is in them. */
export const SLOT_MS = 1_800_000;
export const FIRST_SLOT = Date.UTC(2026, 2, 1, 1, 0);

export interface SampleSlot {
  readonly start: number;
  readonly end: number;
  readonly capacity: number;
  readonly remaining: number;
}

export const sampleSlots = (count: number): SampleSlot[] =>
  Array.from({ length: count }, (_, index) => ({
    start: FIRST_SLOT + index * SLOT_MS,
    end: FIRST_SLOT + (index + 1) * SLOT_MS,
    capacity: 4,
    remaining: index % 5,
  }));

export const sampleStore = (code: string) => ({
  code,
  name: `Store ${code}`,
  timeZone: 'Asia/Shanghai',
  address: null,
});

export const samplePromise = () => ({
  __typename: 'Promise',
  readyBy: new Date(FIRST_SLOT),
  earliestPickUp: sampleSlots(1)[0],
  steps: [
    { kind: 'RIDE', fromCode: 'S1', toCode: 'W1', start: FIRST_SLOT, end: FIRST_SLOT, by: 'L1' },
    {
      kind: 'PUT_AWAY',
      fromCode: 'S1',
      toCode: 'S1',
      start: FIRST_SLOT,
      end: FIRST_SLOT,
      by: null,
    },
  ],
  delays: [],
});

const appointment = (kind: 'DROP_OFF' | 'PICK_UP') => ({
  id: `appointment-${kind}`,
  kind,
  store: sampleStore('S1'),
  start: FIRST_SLOT,
  end: FIRST_SLOT + SLOT_MS,
  status: 'BOOKED',
});

export const sampleOrder = (id: string) => ({
  __typename: 'Order',
  id,
  ticketCode: 'A7K-2QM',
  status: 'BOOKED',
  version: 1,
  items: [{ description: 'AJ1', serviceCodes: ['CLEAN'], pairs: 1 }],
  dropOff: appointment('DROP_OFF'),
  pickUp: appointment('PICK_UP'),
  promise: samplePromise(),
});

export const sampleRefusal = (typename: string, code: string) => ({
  __typename: typename,
  code,
  message: 'No.',
});

export const sampleHealth = {
  status: 'OK',
  networkVersion: 1,
  timeZoneData: { process: '2026b', database: null, agree: true },
};
