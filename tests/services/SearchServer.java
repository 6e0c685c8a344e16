import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** A search server for the tests: first the home folder, then settings as name=value. */
public class SearchServer {
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Settings.Builder chosen = Settings.builder().put("path.home", home);
        for (int position = 1; position < arguments.length; position++) {
            int sign = arguments[position].indexOf('=');
            chosen.put(arguments[position].substring(0, sign), arguments[position].substring(sign + 1));
        }
        LogConfigurator.configureESLogging();
        Environment environment = new Environment(chosen.build(), home.resolve("config"));
        var bundles = PluginsLoader.loadModulesBundles(environment.modulesDir());
        Node node = new Node(environment, PluginsLoader.createPluginsLoader(bundles, Set.of(), Map.of(), false));
        node.start();
        new CountDownLatch(1).await();
    }
}
