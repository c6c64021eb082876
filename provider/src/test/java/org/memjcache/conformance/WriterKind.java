// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.util.Collection;
import java.util.Iterator;
import java.util.TreeSet;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;

/** The cache writers of the table. */
enum WriterKind {
  NONE,
  WORKS,
  /** Does nothing and throws an exception of the application. */
  FAILS,
  /** Does nothing and throws the exception of JCache. */
  FAILS_IN_JCACHES_WORDS,
  /** Writes all but the keys of {@link Presence#PRESENT}, and throws. */
  FAILS_IN_PART,
  FAILS_IN_PART_IN_JCACHES_WORDS;

  void configure(MutableConfiguration<String, String> configuration, PluginRecorder recorder) {
    if (this != NONE) {
      configuration.setWriteThrough(true).setCacheWriterFactory(() -> new Writer(this, recorder));
    }
  }

  private boolean fails(Object key) {
    return switch (this) {
      case NONE, WORKS -> false;
      case FAILS, FAILS_IN_JCACHES_WORDS -> true;
      case FAILS_IN_PART, FAILS_IN_PART_IN_JCACHES_WORDS -> Presence.PRESENT.isOf(key.toString());
    };
  }

  private RuntimeException failure() {
    return this == FAILS_IN_JCACHES_WORDS || this == FAILS_IN_PART_IN_JCACHES_WORDS
        ? new CacheWriterException("the writer fails")
        : new IllegalStateException("the writer fails");
  }

  private record Writer(WriterKind kind, PluginRecorder recorder)
      implements CacheWriter<String, String> {

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      recorder.wrote("write " + Presence.of(entry.getKey()) + "=" + entry.getValue());
      failIf(kind.fails(entry.getKey()));
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      TreeSet<String> asked = new TreeSet<>();
      entries.forEach(entry -> asked.add(Presence.of(entry.getKey()) + "=" + entry.getValue()));
      recorder.wrote("writeAll " + asked);
      Iterator<Cache.Entry<? extends String, ? extends String>> left = entries.iterator();
      while (left.hasNext()) {
        if (isWritten(left.next().getKey())) {
          left.remove();
        }
      }
      failIf(!entries.isEmpty());
    }

    @Override
    public void delete(Object key) {
      recorder.wrote("delete " + Presence.of(key.toString()));
      failIf(kind.fails(key));
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      TreeSet<String> asked = new TreeSet<>();
      keys.forEach(key -> asked.add(Presence.of(key.toString()).toString()));
      recorder.wrote("deleteAll " + asked);
      keys.removeIf(this::isWritten);
      failIf(!keys.isEmpty());
    }

    private boolean isWritten(Object key) {
      return !recorder.isMeasuring() || !kind.fails(key);
    }

    private void failIf(boolean fails) {
      if (fails && recorder.isMeasuring()) {
        throw kind.failure();
      }
    }
  }
}
