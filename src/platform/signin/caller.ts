/** How a customer is reached and known: phone in E.164, e-mail in lower case. */
export interface Contact {
  readonly kind: 'phone' | 'email';
  readonly value: string;
}

/** What staff may do beyond their role, and headquarters always: put a visit into a slot over its limits. */
export const PERMISSIONS = ['OVER_LIMIT'] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** Headquarters: all stores, all orders, the network itself. */
export interface HqCaller {
  readonly role: 'hq';
  readonly id: string;
}

/** Somebody at the counter, of these stores and no others. */
export interface StaffCaller {
  readonly role: 'staff';
  readonly id: string;
  readonly stores: readonly string[];
  /** None unless the token says so. */
  readonly permissions?: readonly Permission[];
}

/** A customer who has proved this contact; sees their own orders only. */
export interface CustomerCaller {
  readonly role: 'customer';
  readonly id: string;
  readonly contact: Contact;
}

/** Nobody in particular: the request carried no token. */
export interface AnonymousCaller {
  readonly role: 'anonymous';
}

/**
 * Who sends a request. `id` is the same for every token of the same role and scope in one deployment. It
 * is kept with what the caller does, so that of a customer tells nothing about the person.
 */
export type Caller = HqCaller | StaffCaller | CustomerCaller | AnonymousCaller;

export type SignedInCaller = Exclude<Caller, AnonymousCaller>;

/** Headquarters may do everything; staff, what their token says; nobody else may. */
export function isPermitted(caller: Caller, permission: Permission): boolean {
  if (caller.role === 'hq') return true;
  return caller.role === 'staff' && (caller.permissions ?? []).includes(permission);
}

export const ANONYMOUS: AnonymousCaller = Object.freeze({ role: 'anonymous' });
