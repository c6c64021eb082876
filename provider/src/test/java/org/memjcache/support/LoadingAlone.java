// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.time.Duration;
import org.memjcache.internal.config.value.LoadSettings;

/** Settings by which each process loads for itself. */
public final class LoadingAlone {

  private LoadingAlone() {}

  /** Returns them, with how long one thread waits for another one's load. */
  public static LoadSettings with(Duration patience) {
    return new LoadSettings(
        patience, Duration.ZERO, Duration.ZERO, Duration.ZERO, false, Duration.ZERO);
  }
}
