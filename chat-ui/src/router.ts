import type { Permission } from '@plumbline/tools/contract'
import { createRouter, createWebHistory } from 'vue-router'
import AskPage from './pages/AskPage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may not is told so in place of the page. */
    needs?: Permission
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'ask', component: AskPage, meta: { needs: 'ask' } },
    { path: '/t/:threadId', name: 'thread', component: AskPage, meta: { needs: 'ask' } },
    { path: '/data', name: 'data', component: () => import('./pages/DataPage.vue'), meta: { needs: 'ask' } },
    { path: '/policies', component: () => import('./pages/PoliciesPage.vue'), meta: { needs: 'policies.read' } },
    { path: '/audit', component: () => import('./pages/AuditPage.vue'), meta: { needs: 'audit.read' } },
    { path: '/lineage/:answerId', component: () => import('./pages/LineagePage.vue'), meta: { needs: 'ask' } },
    { path: '/impact', component: () => import('./pages/ImpactPage.vue'), meta: { needs: 'lineage.read' } },
    { path: '/approvals', component: () => import('./pages/ApprovalsPage.vue'), meta: { needs: 'approve' } },
    { path: '/keys', component: () => import('./pages/KeysPage.vue'), meta: { needs: 'keys.manage' } },
    { path: '/people', component: () => import('./pages/PeoplePage.vue'), meta: { needs: 'users.manage' } },
    { path: '/s/:sharedId', component: () => import('./pages/SharedPage.vue'), meta: { needs: 'ask' } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})
