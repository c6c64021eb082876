// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.net.URI;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * URIs of managers in tests that are not about time: the machine may be busy with other things. A
 * URI for another process has another timeout, so that its client and its memory of versions are
 * its own.
 */
public final class LongTimeoutUri {

  private static final int SECONDS = 20;

  private LongTimeoutUri() {}

  public static URI of(MemcachedServer server, String path) {
    return server.uri(path + options(0));
  }

  public static URI of(RecordingProxy proxy, String path) {
    return proxy.uri(path + options(0));
  }

  /** Returns a URI for a process by its number, 0 being that of {@link #of}. */
  public static URI of(MemcachedServer server, String path, int process) {
    return server.uri(path + options(process));
  }

  private static String options(int process) {
    return "?connectTimeout=" + SECONDS + "s&timeout=" + (SECONDS + process) + "s";
  }
}
