import type { Advance, MessagePolicy, Route } from '../../core/messages/policy.ts';
import type { Result } from '../../core/result.ts';
import type { InvalidMessagePolicy, StandingPolicy } from './policy.service.ts';

/** The policy as GraphQL answers it. */
export function policyView({ policy, isSettled }: StandingPolicy) {
  const { quietHours } = policy;
  return {
    __typename: 'MessagePolicy' as const,
    locale: policy.locale,
    orderLink: policy.orderLink,
    dropOffReminderAt: timeText(policy.dropOffReminderAt),
    dropOffReminderLeastMinutes: policy.dropOffReminderLeastMin,
    pickUpReminderAt: timeText(policy.pickUpReminderAt),
    pickUpDayLeadMinutes: policy.pickUpDayLeadMin,
    graceMinutes: policy.graceMin,
    overdueDays: policy.overdueDays,
    overdueAt: timeText(policy.overdueAt),
    quietHours:
      quietHours === null ? null : { from: timeText(quietHours.from), to: timeText(quietHours.to) },
    off: policy.off,
    stores: storesView(policy.stores),
    routes: Object.entries(policy.routes).map(([kind, route]) => ({
      kind,
      route: routeView(route),
    })),
    defaultRoute: policy.defaultRoute === null ? null : routeView(policy.defaultRoute),
    isSettled,
  };
}

export function setPolicyAnswer(result: Result<StandingPolicy, InvalidMessagePolicy>) {
  if (result.ok) return policyView(result.value);
  const message = 'Nothing was changed: the policy has problems.';
  return { __typename: 'InvalidMessagePolicy' as const, ...result.error, message };
}

function storesView(stores: MessagePolicy['stores']) {
  return Object.entries(stores).map(([storeCode, times]) => ({
    storeCode,
    dropOffReminderAt: optionalTime(times.dropOffReminderAt),
    pickUpReminderAt: optionalTime(times.pickUpReminderAt),
  }));
}

function routeView(route: Route) {
  if (route.mode === 'broadcast') {
    const steps = route.targets.map((target) => ({ ...target, advance: [] }));
    return { mode: 'BROADCAST', needsAll: route.success === 'all', steps };
  }
  const steps = route.steps.map(({ channel, account, advance }) => ({
    channel,
    account,
    isOptional: false,
    advance: advance.map(advanceView),
  }));
  return { mode: 'FALLBACK', needsAll: false, steps };
}

function advanceView(advance: Advance) {
  if (advance.on !== 'noReceipt') return { on: advance.on.toUpperCase(), withinSeconds: null };
  const on = advance.of === 'read' ? 'NOT_READ' : 'NOT_DELIVERED';
  return { on, withinSeconds: advance.withinSec };
}

const optionalTime = (minute: number | null) => (minute === null ? null : timeText(minute));

function timeText(minute: number): string {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
