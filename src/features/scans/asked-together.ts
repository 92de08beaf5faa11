/** Answers questions that are asked in one go with one look-up: fields of the items of a list. */
export class AskedTogether<Value> {
  private waiting: {
    readonly ids: Set<string>;
    found: Promise<ReadonlyMap<string, Value>>;
  } | null = null;

  constructor(
    private readonly lookUp: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  ) {}

  async of(id: string): Promise<Value | undefined> {
    this.waiting ??= this.begin();
    this.waiting.ids.add(id);
    return (await this.waiting.found).get(id);
  }

  private begin() {
    const ids = new Set<string>();
    const found = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.waiting = null;
      return this.lookUp([...ids]);
    });
    return { ids, found };
  }
}
