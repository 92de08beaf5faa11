/** What counts where headquarters says nothing: the defaults that the schema states. */
export const DEFAULTS = {
  putAwayMinutes: 30,
  nightDrop: false,
  walkInVisits: 0,
  leadTimeMinutes: 60,
  horizonDays: 30,
  dwellMinutes: 0,
  cutOffMinutes: 30,
} as const;
