package org.memjcache.internal.config;

import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;

/**
 * The URI of a manager whose maker names none: system property {@value #SYSTEM_PROPERTY}, else
 * environment variable {@value #ENVIRONMENT_VARIABLE}, else {@value #FALLBACK}. Stateless.
 */
public final class DefaultUri {
  /** Name of the system property, which comes first. */
  public static final String SYSTEM_PROPERTY = "org.memjcache.uri";

  /** Name of the environment variable, which comes second. */
  public static final String ENVIRONMENT_VARIABLE = "MEMJCACHE_URI";

  /** Used if neither is set. */
  public static final String FALLBACK = "memcached://localhost:11211";

  private DefaultUri() {}

  /**
   * Returns the default URI of this process at this moment.
   *
   * @throws InvalidConfigurationException if the property or variable that counts is set, but not
   *     to a manager's URI; the text names which of the two. A file that it is the location of is
   *     not read yet
   */
  public static URI get() {
    return get(System::getProperty, System::getenv);
  }

  /**
   * Returns the default URI where properties and variables come from elsewhere.
   *
   * @param systemProperty gives the system property of a name, null if it isn't set
   * @param environment gives the environment variable of a name, null if it isn't set
   * @throws InvalidConfigurationException as {@link #get()} does
   */
  public static URI get(
      Function<String, @Nullable String> systemProperty,
      Function<String, @Nullable String> environment) {
    String property = systemProperty.apply(SYSTEM_PROPERTY);
    if (property != null) {
      return parse(property, "system property " + SYSTEM_PROPERTY);
    }
    String variable = environment.apply(ENVIRONMENT_VARIABLE);
    if (variable != null) {
      return parse(variable, "environment variable " + ENVIRONMENT_VARIABLE);
    }
    return URI.create(FALLBACK);
  }

  private static URI parse(String text, String place) {
    if (text.isBlank()) {
      // Not taken for unset: a deployment whose variable came out empty would meet on localhost.
      throw new InvalidConfigurationException(
          place
              + ": is empty; set it to "
              + ParsedUri.FORM
              + " or "
              + ParsedUri.FILE_FORM
              + ", or unset it");
    }
    try {
      return ManagerUri.parse(text);
    } catch (InvalidConfigurationException e) {
      throw e.withPlace(place);
    }
  }
}
