// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenTenantsTest {

  private static final URI SHOP = URI.create("memcached://127.0.0.1/shop");

  private final List<String> closed = new ArrayList<>();

  private static String nameOf(URI uri) {
    return uri.getPath().substring("/shop/".length());
  }

  private static void use(OpenTenants<String> tenants, String name) {
    tenants.acquire(name).release();
  }

  private List<String> open(OpenTenants<String> tenants) {
    return tenants.all().map(OpenTenants.Tenant::open).toList();
  }

  @Test
  void acquire_moreThanMayBeOpen_closesTheOneThatIsIdleForLongest() {
    OpenTenants<String> tenants =
        new OpenTenants<>(
            SHOP, "application", 2, OpenTenantsTest::nameOf, (name, open) -> closed.add(name));
    use(tenants, "a");
    use(tenants, "b");
    use(tenants, "a");

    use(tenants, "c");

    assertThat(closed).containsExactly("b");
    assertThat(open(tenants)).containsExactly("application", "a", "c");
  }

  /** It is none of the operation that happens to be there. */
  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
  void acquire_closingAnotherFails_isUsedAndClosedLaterAllTheSame(Class<Throwable> failure) {
    OpenTenants<String> tenants =
        new OpenTenants<>(
            SHOP,
            "application",
            1,
            OpenTenantsTest::nameOf,
            (name, open) -> {
              closed.add(name);
              if (name.equals("a")) {
                fail(failure);
              }
            });
    use(tenants, "a");

    use(tenants, "b");
    use(tenants, "c");

    assertThat(closed).containsExactly("a", "b");
    assertThat(open(tenants)).containsExactly("application", "c");
  }

  private static void fail(Class<Throwable> failure) {
    if (failure.equals(OutOfMemoryError.class)) {
      throw new OutOfMemoryError("for the test");
    }
    throw new IllegalStateException("for the test");
  }
}
