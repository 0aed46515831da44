import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.jena.graph.Graph;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryCancelledException;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryException;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.sparql.graph.GraphFactory;
import org.apache.jena.sparql.modify.request.UpdateBinaryOp;
import org.apache.jena.sparql.modify.request.UpdateMove;
import org.apache.jena.sys.JenaSystem;
import org.apache.jena.update.Update;
import org.apache.jena.update.UpdateAction;
import org.apache.jena.update.UpdateFactory;
import org.apache.jena.update.UpdateRequest;

/**
 * Apache Jena behind HTTP on loopback, as Fuseki has it: queries, updates, a graph to load; and Jena's own SHACL validator.
 *
 * The graphs lie in memory without transactions, which take longer than all that is asked here.
 *
 * POST /query (a form, or a query as it is), /update (an update as it is), /load?graph=NAME (Turtle; without a name, into the default graph),
 * /shacl?graph=NAME (shapes as Turtle; the report on that graph). An answer says in X-Cpu how many milliseconds of a processor it took.
 */
class Server {
    static final Dataset DATA = DatasetFactory.createGeneral();
    static final long SECONDS = 60;

    record Answer(int status, String kind, byte[] body) {}

    interface Work {
        Answer answer(HttpExchange asked, byte[] body) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        JenaSystem.init();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 0);
        server.setExecutor(Executors.newFixedThreadPool(2));
        serve(server, "/query", Server::query);
        serve(server, "/update", Server::update);
        serve(server, "/load", Server::load);
        serve(server, "/shacl", Server::shacl);
        server.start();
    }

    static void serve(HttpServer server, String path, Work work) {
        server.createContext(path, asked -> {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Answer answer;
            try {
                answer = work.answer(asked, asked.getRequestBody().readAllBytes());
            } catch (QueryCancelledException late) {
                answer = new Answer(503, "text/plain", "too late".getBytes());
            } catch (QueryException wrong) {
                answer = new Answer(400, "text/plain", wrong.toString().getBytes(StandardCharsets.UTF_8));
            } catch (Throwable fault) {
                answer = new Answer(500, "text/plain", fault.toString().getBytes(StandardCharsets.UTF_8));
            }
            long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            asked.getResponseHeaders().set("X-Cpu", String.valueOf(took / 1_000_000));
            asked.getResponseHeaders().set("Content-Type", answer.kind);
            asked.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : answer.body.length);
            asked.getResponseBody().write(answer.body);
            asked.close();
        });
    }

    /** What a form says, or a query string: each name with its values. */
    static Map<String, List<String>> form(String text) {
        Map<String, List<String>> found = new HashMap<>();
        for (String part : text == null || text.isEmpty() ? new String[0] : text.split("&")) {
            String[] halves = part.split("=", 2);
            String value = halves.length < 2 ? "" : URLDecoder.decode(halves[1], StandardCharsets.UTF_8);
            found.computeIfAbsent(URLDecoder.decode(halves[0], StandardCharsets.UTF_8), name -> new ArrayList<>()).add(value);
        }
        return found;
    }

    static Answer query(HttpExchange asked, byte[] body) {
        String kind = String.valueOf(asked.getRequestHeaders().getFirst("Content-Type"));
        String text = new String(body, StandardCharsets.UTF_8);
        Map<String, List<String>> form = form(asked.getRequestURI().getRawQuery());
        form.putAll(kind.startsWith("application/x-www-form-urlencoded") ? form(text) : Map.of("query", List.of(text)));
        if (!form.containsKey("query")) {
            return new Answer(400, "text/plain", "no query".getBytes());
        }
        Query query = QueryFactory.create(form.get("query").get(0));
        form.getOrDefault("default-graph-uri", List.of()).forEach(query::addGraphURI);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DATA.begin(ReadWrite.READ);
        try (QueryExecution asking = QueryExecution.dataset(DATA).query(query).timeout(SECONDS, TimeUnit.SECONDS).build()) {
            if (query.isSelectType()) {
                ResultSetFormatter.outputAsJSON(out, asking.execSelect());
            } else if (query.isAskType()) {
                ResultSetFormatter.outputAsJSON(out, asking.execAsk());
            } else {
                RDFDataMgr.write(out, query.isConstructType() ? asking.execConstruct() : asking.execDescribe(), Lang.NTRIPLES);
                return new Answer(200, "application/n-triples", out.toByteArray());
            }
            return new Answer(200, "application/sparql-results+json", out.toByteArray());
        } finally {
            DATA.end();
        }
    }

    static Answer update(HttpExchange asked, byte[] body) {
        UpdateRequest request = new UpdateRequest();
        for (Update each : UpdateFactory.create(new String(body, StandardCharsets.UTF_8))) {
            if (each instanceof UpdateBinaryOp two && !two.getSrc().isDefault()) {
                spell(two).forEach(request::add);
            } else {
                request.add(each);
            }
        }
        DATA.executeWrite(() -> UpdateAction.execute(request, DATA));
        return new Answer(204, "text/plain", new byte[0]);
    }

    /** COPY and MOVE of a named graph in other words: by a slip Jena 4.5.0 refuses both ("Invalid source target for operation"). */
    static UpdateRequest spell(UpdateBinaryOp two) {
        String from = "GRAPH <" + two.getSrc().getGraph().getURI() + ">";
        String to = two.getDest().isDefault() ? "DEFAULT" : "GRAPH <" + two.getDest().getGraph().getURI() + ">";
        String all = "{ ?s ?p ?o }";
        String text = "CLEAR SILENT " + to + "; INSERT { " + (two.getDest().isDefault() ? "?s ?p ?o" : to + all) + " } WHERE { " + from + all + " }";
        return UpdateFactory.create(two instanceof UpdateMove ? text + "; DROP " + from : text);
    }

    static Answer load(HttpExchange asked, byte[] body) {
        List<String> names = form(asked.getRequestURI().getRawQuery()).getOrDefault("graph", List.of());
        Model goal = names.isEmpty() ? DATA.getDefaultModel() : DATA.getNamedModel(names.get(0));
        DATA.executeWrite(() -> RDFDataMgr.read(goal, new ByteArrayInputStream(body), Lang.TURTLE));
        return new Answer(204, "text/plain", new byte[0]);
    }

    static Answer shacl(HttpExchange asked, byte[] body) {
        Graph shapes = GraphFactory.createDefaultGraph();
        RDFDataMgr.read(shapes, new ByteArrayInputStream(body), Lang.TURTLE);
        String name = form(asked.getRequestURI().getRawQuery()).get("graph").get(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // The validator begins and ends what it reads in by itself.
        RDFDataMgr.write(out, ShaclValidator.get().validate(shapes, DATA.getNamedModel(name).getGraph()).getGraph(), Lang.NTRIPLES);
        return new Answer(200, "application/n-triples", out.toByteArray());
    }
}
