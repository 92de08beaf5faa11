import { randomUUID } from 'node:crypto';

import { HttpClient } from './http-client.ts';
import type { CustomersWish } from './wishes.ts';

const BOOK = `
  mutation Book($input: BookOrderInput!) {
    bookOrder(input: $input) {
      __typename
      ... on Order {
        id ticketCode status version
        dropOff { id start end status }
        pickUp { id start end status }
        promise { readyBy steps { kind fromCode toCode start end by } }
      }
      ... on Refusal { code message }
    }
  }`;

/** A client that books what is wished next; tells whether it was booked, not refused. */
export class BookingClient {
  private readonly http: HttpClient;

  constructor(
    serviceUrl: string,
    token: string,
    private readonly wishes: Iterator<CustomersWish, never>,
  ) {
    this.http = new HttpClient(`${serviceUrl}/graphql`, { authorization: `Bearer ${token}` });
  }

  /** @throws Error on any answer but an order or a refusal */
  async book(): Promise<boolean> {
    const { status, body } = await this.http.post(bookingText(this.wishes.next().value));
    const answer = /"__typename":"(\w+)"/.exec(body)?.[1];
    if (status !== 200 || answer === undefined || body.includes('"errors"')) {
      throw new Error(`not booked: ${status} ${body}`);
    }
    return answer === 'Order';
  }

  close(): void {
    this.http.close();
  }
}

function bookingText({ dropOff, pickUp, items, customer }: CustomersWish): string {
  const input = {
    requestKey: randomUUID(),
    customer,
    dropOff: { ...dropOff, start: new Date(dropOff.start) },
    pickUp: { ...pickUp, start: new Date(pickUp.start) },
    items,
  };
  return JSON.stringify({ query: BOOK, variables: { input } });
}
