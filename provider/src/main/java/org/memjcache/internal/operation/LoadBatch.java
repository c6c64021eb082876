package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.memjcache.internal.entry.Reading;
import org.memjcache.internal.entry.Snapshot;

/**
 * Values that a loader brought, on their way to the entries that were looked at before it was
 * asked.
 *
 * @param steps stores each value under the versions of the look, or not at all
 * @param reading what the steps saw
 */
record LoadBatch<K, V>(List<LoadUpdate<K, V>> steps, Reading<K, V> reading) {

  /**
   * Prepares the storing of values.
   *
   * @param looked what was there before the loader was asked
   * @param loaded what it brought; keys that were not looked at don't count
   * @param replace whether an entry that is there is replaced
   */
  static <K, V> LoadBatch<K, V> of(
      CacheContext<K, V> parts,
      OperationRecorder<K, V> report,
      Reading<K, V> looked,
      Map<K, V> loaded,
      boolean replace) {
    List<LoadUpdate<K, V>> steps = new ArrayList<>(loaded.size());
    List<Snapshot<V>> entries = new ArrayList<>(loaded.size());
    for (int i = 0; i < looked.steps().size(); i++) {
      EntryUpdate<K, V> look = looked.steps().get(i);
      V value = loaded.get(look.key());
      if (value != null) {
        steps.add(
            new LoadUpdate<>(
                parts, report, look.key(), look.encodedKey(), parts.types().value(value), replace));
        entries.add(looked.entries().get(i));
      }
    }
    return new LoadBatch<>(steps, new Reading<>(looked.versions(), steps, entries));
  }
}
