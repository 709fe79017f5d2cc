import { createRouter, createWebHistory } from 'vue-router'
import AskPage from './pages/AskPage.vue'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'ask', component: AskPage },
    { path: '/t/:threadId', name: 'thread', component: AskPage },
    { path: '/data', name: 'data', component: () => import('./pages/DataPage.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})
