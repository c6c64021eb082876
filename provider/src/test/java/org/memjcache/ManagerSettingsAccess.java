// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import org.memjcache.internal.config.ManagerSettings;

/** Shows tests of other packages what a manager was configured to be. */
public final class ManagerSettingsAccess {

  private ManagerSettingsAccess() {}

  public static ManagerSettings settingsOf(MemcachedCacheManager manager) {
    return manager.settings();
  }
}
