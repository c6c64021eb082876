// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

/** A {@link ChaosWorker} in whose JVM the provider's classes fail when it is told to. */
final class InjectedChaosWorker {

  private InjectedChaosWorker() {}

  /** Takes what a {@link ChaosWorker} takes. */
  public static void main(String[] arguments) throws Exception {
    Class<?> worker = new InjectingLoader().loadClass(ChaosWorker.class.getName());
    Thread.currentThread().setContextClassLoader(worker.getClassLoader());
    var main = worker.getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    main.invoke(null, (Object) arguments);
  }
}
