// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import java.util.List;

/**
 * A server program that can be looked for on this machine.
 *
 * @param name the name of its file
 * @param packages the packages of Debian and Ubuntu that hold it, without libraries; immutable
 * @param versionOption the argument with which it says its version
 * @param versionStart how what it says then begins
 */
public record Program(
    String name, List<String> packages, String versionOption, String versionStart) {

  /** The server that all is about. */
  public static final Program MEMCACHED =
      new Program("memcached", List.of("memcached"), "-V", "memcached ");

  /**
   * Copies the list.
   *
   * @param name the name of its file
   * @param packages the packages that hold it
   * @param versionOption the argument with which it says its version
   * @param versionStart how what it says then begins
   */
  public Program {
    packages = List.copyOf(packages);
  }
}
