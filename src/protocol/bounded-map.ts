/** A map that forgets its oldest entry when it is full. */

/** Sets an entry as the newest one. Above `max` entries, the oldest is deleted. */
export function setBounded<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= max) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
