import { useEffect, useReducer } from "preact/hooks";

/** A value that components follow. */
export class Store<T> {
  private readonly followers = new Set<() => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    this.current = value;
    for (const follower of [...this.followers]) follower();
  }

  follow(follower: () => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }
}

/** The store's value; the component renders again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, render] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    render(undefined);
    return store.follow(() => render(undefined));
  }, [store]);
  return store.value;
}
