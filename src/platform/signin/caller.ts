/** How a customer is reached and known: phone in E.164, e-mail in lower case. */
export interface Contact {
  readonly kind: 'phone' | 'email';
  readonly value: string;
}

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

export const ANONYMOUS: AnonymousCaller = Object.freeze({ role: 'anonymous' });
