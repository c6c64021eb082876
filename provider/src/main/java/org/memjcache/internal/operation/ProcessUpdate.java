package org.memjcache.internal.operation;

import java.util.Objects;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

/**
 * Lets an entry processor work on an entry: {@code invoke} and {@code invokeAll}.
 *
 * <p>The processor runs again when another process changed the entry, or cleared its namespace,
 * while it ran.
 */
final class ProcessUpdate<K, V, T> extends EntryUpdate<K, V> {

  private final CacheContext<K, V> parts;
  private final OperationRecorder<K, V> report;
  private final EntryProcessor<K, V, T> processor;
  private final @Nullable Object[] arguments;
  private @Nullable T result;
  private ProcessedEntry.Outcome outcome = ProcessedEntry.Outcome.NONE;
  private @Nullable V value;
  private @Nullable RuntimeException failure;

  ProcessUpdate(
      CacheContext<K, V> parts,
      OperationRecorder<K, V> report,
      K key,
      EntryKey encodedKey,
      EntryProcessor<K, V, T> processor,
      @Nullable Object[] arguments) {
    super(key, encodedKey);
    this.parts = parts;
    this.report = report;
    this.processor = processor;
    this.arguments = arguments;
  }

  @Override
  Change decide(Snapshot<V> before) {
    failure = null;
    ProcessedEntry<K, V> entry =
        new ProcessedEntry<>(key(), before, parts.readThrough() ? parts.loader() : null);
    try {
      result = process(entry);
      outcome = entry.outcome();
      return change(before, entry);
    } catch (RuntimeException e) { // of the processor, the loader, the writer, or of encoding
      failure = e;
      return Change.nothing();
    }
  }

  @Override
  void failed(RuntimeException failure) {
    this.failure = failure;
  }

  private @Nullable T process(ProcessedEntry<K, V> entry) {
    try {
      return processor.process(entry, arguments);
    } catch (CacheException e) {
      throw e;
    } catch (Exception e) {
      throw new EntryProcessorException(
          "The entry processor failed: " + processor.getClass().getName(), e);
    }
  }

  private Change change(Snapshot<V> before, ProcessedEntry<K, V> entry) {
    Expiry expiry = parts.expiry();
    return switch (entry.outcome()) {
      case NONE -> Change.nothing();
      case ACCESSED -> new Change.Touch(expiry.afterAccess(before.deadline()));
      case LOADED -> expiry.write(encode(entry), expiry.afterCreation());
      case SET -> {
        EncodedValue payload =
            encode(entry); // before the writer: what can't be stored isn't written
        parts.writer().write(key(), entry.newValue());
        yield expiry.write(
            payload,
            before.isLive() ? expiry.afterUpdate(before.deadline()) : expiry.afterCreation());
      }
      case REMOVED -> {
        parts.writer().delete(key());
        yield before.isLive() || before.isAway() ? Change.remove() : Change.nothing();
      }
    };
  }

  private EncodedValue encode(ProcessedEntry<K, V> entry) {
    value = parts.types().value(entry.newValue());
    return parts.envelopes().encode(value);
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    report.looked(before);
    if (change instanceof Change.Write write && (before.isLive() || write.inTime())) {
      if (outcome == ProcessedEntry.Outcome.SET) { // to load is not to put
        report.put();
      }
      report.stored(before, key(), Objects.requireNonNull(value));
    } else if (change instanceof Change.Remove && before.isLive()) {
      report.removal();
      report.removed(before, key());
    }
  }

  /**
   * Returns what the processor returned.
   *
   * @throws RuntimeException what it failed with, or why its change could not be made
   */
  @Nullable T result() {
    if (failure != null) {
      throw failure;
    }
    return result;
  }
}
