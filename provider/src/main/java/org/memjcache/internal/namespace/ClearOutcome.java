package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.memjcache.internal.client.command.RequestFailedException;

/**
 * What came of the attempt to clear levels on some servers.
 *
 * @param failed those that could not be cleared
 * @param reached the identities of the servers that did it, of those that keep one
 */
record ClearOutcome(List<Failed> failed, Set<String> reached) {

  /** A level that could not be cleared, and why. */
  record Failed(Level level, RequestFailedException failure) {}

  /** Returns an outcome to be filled. */
  static ClearOutcome empty() {
    return new ClearOutcome(new ArrayList<>(0), new HashSet<>());
  }

  void fail(Level level, RequestFailedException failure) {
    failed.add(new Failed(level, failure));
  }

  void addAll(ClearOutcome other) {
    failed.addAll(other.failed);
    reached.addAll(other.reached);
  }
}
