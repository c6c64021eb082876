// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.util.HashSet;
import java.util.Set;

/**
 * The kinds of events that were logged, so that the first of each is logged and no more of them.
 * Once there are very many kinds, further ones count as logged: another process may make them up.
 *
 * <p>Thread-safe.
 */
public final class LoggedKinds {

  private static final int MAX_KINDS = 1_000;

  /** No set of its own until something was logged: every cache has such an object. */
  private Set<String> logged = Set.of();

  /** Returns whether this is the first event of a kind. */
  public synchronized boolean isFirst(String kind) {
    if (logged.size() >= MAX_KINDS) {
      return false;
    }
    if (logged.isEmpty()) {
      logged = new HashSet<>();
    }
    return logged.add(kind);
  }
}
