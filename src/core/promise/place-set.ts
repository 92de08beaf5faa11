/** Places by number, without an order, each at most once: the caller sees to that. */
export class PlaceSet {
  readonly places: Int32Array;
  size = 0;

  constructor(placeCount: number) {
    this.places = new Int32Array(placeCount);
  }

  push(place: number): void {
    this.places[this.size++] = place;
  }

  clear(): void {
    this.size = 0;
  }
}
