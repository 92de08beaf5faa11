/** What is printed on the label of one pair. */
export interface TagLabel {
  readonly tag: string;
  /** Within the order, from 1 on, and how many there are. */
  readonly number: number;
  readonly pairs: number;
  readonly ticketCode: string;
  readonly storeCode: string;
  /** Where it is to be collected. */
  readonly pickUpStoreCode: string;
  /** Of the pick-up, at the store, as in 2030-09-03. */
  readonly date: string;
  readonly description: string;
  readonly serviceCodes: readonly string[];
}

/** In millimetres. */
export const LABEL_WIDTH_MM = 50;
export const LABEL_HEIGHT_MM = 30;
