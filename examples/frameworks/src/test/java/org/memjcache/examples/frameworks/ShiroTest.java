// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.apache.shiro.authc.AuthenticationInfo;
import org.apache.shiro.authc.AuthenticationToken;
import org.apache.shiro.authc.SimpleAuthenticationInfo;
import org.apache.shiro.authc.UsernamePasswordToken;
import org.apache.shiro.authz.AuthorizationInfo;
import org.apache.shiro.authz.SimpleAuthorizationInfo;
import org.apache.shiro.cache.jcache.JCacheManager;
import org.apache.shiro.mgt.DefaultSecurityManager;
import org.apache.shiro.realm.AuthorizingRealm;
import org.apache.shiro.subject.PrincipalCollection;
import org.apache.shiro.subject.Subject;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;

/** What docs/frameworks.md says of Apache Shiro. */
class ShiroTest {

  private static final class Guests extends AuthorizingRealm {

    int asked;

    Guests() {
      setName("guests");
      setAuthorizationCachingEnabled(true);
    }

    @Override
    protected AuthorizationInfo doGetAuthorizationInfo(PrincipalCollection principals) {
      asked++;
      SimpleAuthorizationInfo info = new SimpleAuthorizationInfo();
      info.addRole("guest");
      info.addStringPermission("room:enter:" + principals.getPrimaryPrincipal());
      return info;
    }

    @Override
    protected AuthenticationInfo doGetAuthenticationInfo(AuthenticationToken token) {
      return new SimpleAuthenticationInfo(token.getPrincipal(), "secret", getName());
    }

    void changed(PrincipalCollection principals) {
      clearCachedAuthorizationInfo(principals);
    }
  }

  private static Subject logIn(Guests guests, MemcachedCachingProvider provider, URI uri) {
    JCacheManager caches = new JCacheManager();
    caches.setCacheManager(provider.getCacheManager(uri, null));
    DefaultSecurityManager security = new DefaultSecurityManager(guests);
    security.setCacheManager(caches);
    Subject subject = new Subject.Builder(security).buildSubject();
    subject.login(new UsernamePasswordToken("Ana", "secret"));
    return subject;
  }

  @Test
  void authorization_isSharedAndForgottenByAllProcesses() {
    try (MemcachedServer server = MemcachedServer.start();
        MemcachedCachingProvider one = new MemcachedCachingProvider();
        MemcachedCachingProvider other = new MemcachedCachingProvider()) {
      URI uri = server.uri("shiro");
      Guests here = new Guests();
      Guests there = new Guests();
      Subject ana = logIn(here, one, uri);
      Subject again = logIn(there, other, uri);

      assertThat(ana.hasAllRoles(List.of("guest"))).isTrue();
      assertThat(again.isPermitted("room:enter:Ana")).isTrue();
      assertThat(again.isPermitted("room:enter:Rui")).isFalse();
      assertThat(here.asked + there.asked).isEqualTo(1);

      there.changed(again.getPrincipals());
      assertThat(ana.isPermitted("room:enter:Ana")).isTrue();
      assertThat(here.asked + there.asked).isEqualTo(2);
    }
  }
}
