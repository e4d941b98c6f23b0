// Starts GraphiQL against the gateway that served this page, with the token of the page's address: /graphiql#token=…
'use strict';

// What a visit begins with, one tab each.
const EXAMPLES = [
  `# What the billing screen shows. Ctrl-Enter runs it.
query Dashboard {
  account {
    name
    packages {
      plan { name }
      representatives
      status
      renewsOn
    }
    forecast {
      cutOffOn
      soFar { due { amount currency } }
      expected {
        lines { description amount { amount } }
        due { amount currency }
      }
    }
  }
}
`,
  `# The invoice as it grows: now, then after every change.
subscription LiveEstimate {
  estimate {
    revision
    asOf
    forecast {
      soFar { due { amount currency } }
      expected { due { amount currency } }
    }
  }
}
`,
];

(() => {
  const TOKEN = 'billing-gateway:token';
  // The gateway's close code for a token that is missing, wrong or past its time: coming back with it is useless.
  const FORBIDDEN = 4403;

  // A fragment never leaves the browser. It goes from the address bar at once, so that neither history nor a copied
  // link carries the token on; sessionStorage keeps it for this tab alone.
  const takeTokenFromAddress = () => {
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (!token) return false;
    sessionStorage.setItem(TOKEN, token);
    history.replaceState(null, '', location.pathname + location.search);
    return true;
  };

  takeTokenFromAddress();
  addEventListener('hashchange', () => takeTokenFromAddress() && location.reload());

  const token = sessionStorage.getItem(TOKEN);
  const tokenHeaders = token ? { Authorization: `Bearer ${token}` } : {};

  const root = document.getElementById('graphiql');
  const url = root.dataset.endpoint;
  const socketUrl = new URL(url, location.href);
  socketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

  // Browsers send no headers with a WebSocket: what the headers editor says goes into connection_init instead.
  const socket = (headers) => graphqlWs.createClient({
    url: socketUrl.href,
    connectionParams: headers,
    shouldRetry: (event) => event instanceof CloseEvent && event.code !== FORBIDDEN,
  });

  // The editor's headers are used as they stand: emptying it is how one asks without a token.
  const fetcher = (params, options) => {
    const headers = options?.headers ?? {};
    return GraphiQL.createFetcher({
      url,
      headers: { accept: 'application/graphql-response+json, application/json;q=0.9' },
      enableIncrementalDelivery: false,
      wsClient: socket(headers),
    })(params, options);
  };

  ReactDOM.createRoot(root).render(React.createElement(GraphiQL, {
    fetcher,
    // GraphiQL's history keeps the headers of every request, the token among them: no place for it but this tab.
    storage: sessionStorage,
    defaultTabs: EXAMPLES.map((query) => ({ query })),
    defaultHeaders: JSON.stringify(tokenHeaders, null, 2),
    defaultEditorToolsVisibility: 'headers',
    showPersistHeadersSettings: false,
    inputValueDeprecation: true,
    schemaDescription: true,
  }));
})();
