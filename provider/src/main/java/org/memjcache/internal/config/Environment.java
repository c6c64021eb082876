package org.memjcache.internal.config;

import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What counts for a manager beside its URI and its properties.
 *
 * @param systemProperties options with the prefix {@code memjcache.}; other properties are ignored
 * @param environment gives the environment variable of a name, null if it isn't set
 * @param loader where {@code classpath:} is looked up before the thread's context class loader;
 *     null for that only
 */
public record Environment(
    Properties systemProperties,
    Function<String, @Nullable String> environment,
    @Nullable ClassLoader loader) {

  /**
   * Returns the surroundings of a manager in this process.
   *
   * @param systemProperties the system properties, or those of them that have our prefix
   * @param loader the manager's class loader
   * @return these, with the environment variables of this process
   */
  public static Environment ofProcess(Properties systemProperties, ClassLoader loader) {
    return new Environment(systemProperties, System::getenv, loader);
  }

  /**
   * Returns surroundings that say nothing.
   *
   * @return no system properties, no variables, no class loader
   */
  public static Environment none() {
    return new Environment(new Properties(), name -> null, null);
  }
}
