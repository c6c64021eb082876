// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.memjcache.hibernate.Application.READ_WRITE;

import java.util.Arrays;
import java.util.Map;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.context.spi.CurrentTenantIdentifierResolver;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.hibernate.Application.Tenancy;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** A session of the root tenant changes rows of other tenants. */
@Memcached(servers = 2)
class RootTenantTest {

  private final Application application;

  RootTenantTest(MemcachedCluster cluster) {
    cluster.flushAll();
    Map<String, Object> properties = Application.properties(cluster.addresses());
    properties.put(AvailableSettings.MULTI_TENANT_IDENTIFIER_RESOLVER, new Root());
    application =
        Application.open(Tenancy.TABLE, Application.newDatabase(), READ_WRITE, properties);
    application.add("Lisboa", 1, "ALF", "Casa Alfama");
    for (int i = 0; i < 3; i++) {
      application.name("Lisboa", 1);
      application.nameByCode("Lisboa", "ALF");
      application.names("Lisboa");
    }
  }

  /** Knows who is root. */
  static final class Root implements CurrentTenantIdentifierResolver<String> {
    @Override
    public String resolveCurrentTenantIdentifier() {
      return "root";
    }

    @Override
    public boolean validateExistingCurrentSessions() {
      return false;
    }

    @Override
    public boolean isRoot(String tenant) {
      return "root".equals(tenant);
    }
  }

  @AfterEach
  void close() {
    application.close();
  }

  @Test
  void names_afterAChangeByRoot_areThoseAfterTheChange() {
    application.change("root", 1, villa -> villa.name = "Casa do Fado");

    assertThat(application.names("Lisboa")).containsExactly("Casa do Fado");
  }

  @Test
  void name_afterAChangeByRoot_isThatAfterTheChange() {
    assumeTrue(
        Arrays.stream(SharedSessionContractImplementor.class.getMethods())
            .anyMatch(method -> method.getName().equals("isRootTenant")),
        "Hibernate 6.6 evicts nothing of other tenants");

    application.change("root", 1, villa -> villa.name = "Casa do Fado");

    assertThat(application.name("Lisboa", 1)).isEqualTo("Casa do Fado");
    assertThat(application.nameByCode("Lisboa", "ALF")).isEqualTo("Casa do Fado");
  }
}
