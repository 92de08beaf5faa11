import type { NetworkInput } from '../../src/core/network/network-input.ts';

/** A sound chain in which every field of the input has a value. */
export const SMALL_NETWORK: NetworkInput = {
  stores: [
    {
      code: 'A',
      name: 'Store A',
      timeZone: 'Asia/Shanghai',
      address: '1 First Street',
      latitude: 31.2,
      longitude: 121.5,
      openingHours: [
        { days: ['MONDAY', 'TUESDAY'], opens: '10:00', closes: '14:00' },
        { days: ['MONDAY'], opens: '15:00', closes: '20:00' },
        { days: ['FRIDAY'], opens: '18:00', closes: '02:00' },
      ],
      specialHours: [
        { from: '2027-02-05', to: '2027-02-06', hours: [] },
        { from: '2027-02-07', to: '2027-02-07', hours: [{ opens: '11:00', closes: '15:00' }] },
      ],
      counter: {
        slotMinutes: 30,
        visits: 4,
        dropOffVisits: 3,
        pickUpVisits: 3,
        dropOffPairs: 10,
        walkInVisits: 1,
        bands: [
          {
            days: ['MONDAY'],
            opens: '12:00',
            closes: '13:00',
            visits: 6,
            dropOffVisits: 4,
            pickUpVisits: 5,
            dropOffPairs: 12,
            walkInVisits: 2,
          },
        ],
        leadTimeMinutes: 90,
        horizonDays: 21,
      },
      shelfPairs: 50,
      putAwayMinutes: 20,
      nightDrop: true,
    },
    {
      code: 'B',
      name: 'Store B',
      timeZone: 'America/New_York',
      openingHours: [{ days: ['SUNDAY'], opens: '00:00', closes: '24:00' }],
      counter: { slotMinutes: 15, visits: 2 },
    },
  ],
  workshops: [
    {
      code: 'W',
      name: 'Hub W',
      timeZone: 'Asia/Shanghai',
      storeCode: 'A',
      shifts: [
        {
          days: ['MONDAY', 'TUESDAY'],
          starts: '09:00',
          ends: '18:00',
          intakeCutOff: '12:00',
          skills: [
            { skill: 'clean', units: 120 },
            { skill: 'sole', units: 60 },
          ],
        },
        {
          days: ['MONDAY'],
          starts: '20:00',
          ends: '04:00',
          intakeCutOff: '23:00',
          skills: [{ skill: 'clean', units: 40 }],
        },
      ],
      closedDates: ['2027-02-06', '2027-02-07'],
    },
  ],
  services: [
    {
      code: 'resole',
      name: 'Resole',
      priceMinor: 28_900,
      currency: 'CNY',
      operations: [
        { skill: 'clean', units: 1, dwellMinutes: 60 },
        { skill: 'sole', units: 3, dwellMinutes: 2_880 },
      ],
    },
  ],
  lines: [
    {
      code: 'A-W-B',
      timeZone: 'Asia/Shanghai',
      stops: [
        { code: 'A', minutes: 0 },
        { code: 'W', minutes: 60 },
        { code: 'B', minutes: 120 },
      ],
      departures: [
        { days: ['MONDAY', 'TUESDAY'], at: '14:00' },
        { days: ['MONDAY'], at: '20:30' },
      ],
      cutOffMinutes: 15,
      pairs: 1_000,
      exceptDates: ['2027-02-06'],
    },
  ],
};
