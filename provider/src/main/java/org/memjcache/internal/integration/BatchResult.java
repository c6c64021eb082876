package org.memjcache.internal.integration;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch that was given to the cache writer.
 *
 * <p>The cache follows the writer for the keys that succeeded and stays as it is for the others;
 * then it throws the failure. Immutable, as far as the keys are.
 *
 * @param succeeded the keys that the writer has written or deleted, unmodifiable, in the order they
 *     were given
 * @param failure why the others are missing, null if none is
 * @param <K> the type of keys
 */
public record BatchResult<K>(Set<K> succeeded, @Nullable CacheWriterException failure) {

  /**
   * Copies the keys.
   *
   * @param succeeded the keys that the writer has written or deleted
   * @param failure why others are missing, null if none is
   */
  public BatchResult {
    succeeded = Collections.unmodifiableSet(new LinkedHashSet<>(succeeded));
  }

  /**
   * Throws the failure, if there is one; to be called when the cache has followed the writer.
   *
   * @throws CacheWriterException the failure
   */
  public void throwIfFailed() {
    if (failure != null) {
      throw failure;
    }
  }
}
