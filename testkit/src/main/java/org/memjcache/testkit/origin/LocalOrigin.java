// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.LocalServer;
import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;

/**
 * Starts an executable of this machine.
 *
 * @param executable what to start
 * @param source where it was found, to be read by the user
 */
record LocalOrigin(Executable executable, String source) implements Origin {

  @Override
  public String description() {
    return "%s %s (%s)".formatted(executable.version(), source, executable.path());
  }

  @Override
  public ServerHandle start(ServerSettings settings) {
    return LocalServer.start(executable, settings, Logins.prepare(settings.login()));
  }
}
