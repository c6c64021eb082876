// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.SessionIdGeneratorBase;

/**
 * A program: Tomcat deploys a web application and undeploys it again, a number of times, and prints
 * what it complains of.
 */
final class RedeployingTomcat {

  /** What Tomcat has logged as a warning or an error, in a line each. */
  private static final List<String> COMPLAINTS = new CopyOnWriteArrayList<>();

  private RedeployingTomcat() {}

  /** Takes the folder of the application, a URI, whether to close the provider, and how often. */
  public static void main(String[] arguments) throws Exception {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new Complaints());
    Tomcat tomcat = new Tomcat();
    Path base = Files.createTempDirectory("tomcat");
    tomcat.setBaseDir(base.toString());
    StandardHost host = (StandardHost) tomcat.getHost();
    tomcat.start(); // without a connector: nobody sends requests
    for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
      Context application = deploy(host, arguments);
      if (application.getState() != LifecycleState.STARTED) {
        throw new IllegalStateException("It was not started: " + COMPLAINTS);
      }
      host.removeChild(application);
    }
    String[] kept = host.findReloadedContextMemoryLeaks(); // collects garbage first
    tomcat.stop();
    tomcat.destroy();
    COMPLAINTS.forEach(System.out::println);
    System.out.println("class loaders kept: " + kept.length);
  }

  private static Context deploy(StandardHost host, String[] arguments) {
    StandardContext application = new StandardContext();
    application.setPath("/hotels");
    application.setName("/hotels");
    application.setDocBase(arguments[0]);
    application.addParameter(RedeployedApplication.URI_PARAMETER, arguments[1]);
    application.addParameter(RedeployedApplication.CLOSE_PARAMETER, arguments[2]);
    application.addApplicationListener(RedeployedApplication.class.getName());
    application.addLifecycleListener(new Tomcat.FixContextListener());
    host.addChild(application); // which starts it
    return application;
  }

  private static final class Complaints extends Handler {
    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()
          && !entry.getLoggerName().equals(SessionIdGeneratorBase.class.getName())) { // is slow
        COMPLAINTS.add(new SimpleFormatter().formatMessage(entry).replaceAll("\\s+", " "));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
