// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import java.io.Serializable;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;

/** Adds one to a number. Serializable, because Hazelcast runs it in the member. */
public final class Increment implements EntryProcessor<String, Long, Long>, Serializable {

  private static final long serialVersionUID = 1L;

  /** Creates a processor without state. */
  public Increment() {}

  @Override
  public Long process(MutableEntry<String, Long> entry, Object... arguments) {
    long next = entry.exists() ? entry.getValue() + 1 : 1;
    entry.setValue(next);
    return next;
  }
}
